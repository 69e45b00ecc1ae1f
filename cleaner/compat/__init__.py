"""The calls of other libraries, done by Cleaner: a program moves over by one import."""
