"""The house rules that no linter knows, each seen to fail on a planted fault."""
