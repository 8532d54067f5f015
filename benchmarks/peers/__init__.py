"""What others would use, each as its documentation tells; runs in an environment of its own (.venv/bench)."""
