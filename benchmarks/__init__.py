"""What `make bench` runs: the portal beside a bare Flask application on the same server, in the same run."""
