"""Making the embedded parser's models from their sources; ``scripts/train_parser.py`` runs all of it.

The way: ``sources`` (treebanks to a split) and ``encoder`` (published weights to a German encoder); ``augment`` (marks,
Konjunktiv); ``joint`` (tagger and parser over one encoder, in the ``loop``); ``silver`` (a teacher's parses);
``tokenizer`` and ``lemmatizer``; ``pack`` and ``card``. ``recipe`` holds the numbers, ``steps`` skips what is done.
"""
