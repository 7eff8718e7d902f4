"""What several tests need: waiting with a bound, plain readers, programs, offices that submit."""
