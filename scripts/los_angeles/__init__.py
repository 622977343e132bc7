"""Los Angeles: polygon zones that overlap, for examples and tests of territory given as shapes."""
