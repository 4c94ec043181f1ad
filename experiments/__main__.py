"""``python -m experiments <command> ...`` is ``seamline <command> ...``."""

from experiments.command.console import main

if __name__ == "__main__":
    main()
