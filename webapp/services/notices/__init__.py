"""What people are told: in the inbox, and by mail, text message and WeChat."""
