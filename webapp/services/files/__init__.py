"""What people attach: stored by hash, checked, marked, deleted in time."""
