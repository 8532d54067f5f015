"""The tour of the main job: what a Delegation's portal and its principals do, and a check of every consequence."""
