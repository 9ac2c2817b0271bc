"""What our own doit tasks do, apart from running other people's programs."""
