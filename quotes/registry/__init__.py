"""The registry: who speaks in a store, under which names; what its users decided about them; and their own table.

Within an article :mod:`quotes.speakers` finds the name (column ``speaker_in_article``). This room makes of it the
canonical name of the store (``speaker``, ``speaker_id``), always by the same steps: a surname whose role tells whose it
is, the aliases of ``speakers.toml``, the decisions in their order, and the aliases again, for they win over all.
"""
