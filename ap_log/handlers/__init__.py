"""Speaks HTTP: parse, call one action or read, render. One file a subject, by the same name as its page folder."""
