"""The commands of `ap-log`, one file a subject."""
