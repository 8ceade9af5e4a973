"""A language model words the answers, behind any address that speaks OpenAI's protocol."""
