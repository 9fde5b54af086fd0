"""How the schema came to be, step by step; ``versions/`` holds the steps, numbered in their order."""
