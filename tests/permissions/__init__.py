"""Every route, every kind of caller, inside and outside their reach: what the policy tables say is what is answered."""
