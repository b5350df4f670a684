"""What a page shows: questions to the database that change nothing, and the words for the answers."""
