"""The program: command line, settings, assembly, and the local workspace."""
