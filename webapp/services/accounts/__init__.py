"""Who somebody is and how one proves it: accounts, log-in, codes, contacts, bindings to the register."""
