"""Run the shell: `python -m tandemplan`."""

from tandemplan.cli import main

if __name__ == "__main__":
    main()
