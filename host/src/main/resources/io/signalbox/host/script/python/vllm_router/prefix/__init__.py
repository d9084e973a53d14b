"""The trie behind the prefix-aware router."""
