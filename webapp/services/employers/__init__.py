"""What an employer is: certification, verification levels, managers, who may be chosen."""
