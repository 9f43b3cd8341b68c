"""Options of the whole test run."""


def pytest_addoption(parser):
    parser.addoption(
        "--update-golden", action="store_true", help="write golden files anew; review the difference by hand"
    )
