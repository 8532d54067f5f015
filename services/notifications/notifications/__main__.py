"""`python -m notifications web | work | run | migrate`."""

from shared.running.command import command_of

from .app import service

main = command_of(service)

if __name__ == "__main__":
    main()
