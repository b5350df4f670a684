"""What reviewers work through, remember and change."""
