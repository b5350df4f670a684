"""How two parties come to sign: invitations, direct entry, the notice before signing."""
