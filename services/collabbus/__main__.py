"""`python -m collabbus` is `collabbus`."""

from collabbus.cli import main

if __name__ == "__main__":
    main()
