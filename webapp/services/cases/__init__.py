"""Cases and their steps: opening, answering, waking, finding, telling what happened."""
