"""Which rows of different gateways are the same model, decided by equality of normalised names only.

`grammar` unwraps how a gateway or service writes an id, `names` normalises what is left, `claude` reads
Anthropic's names, `resolve` puts them in order for one id, and `merge` looks at all listings at once:
there guards refuse a merge that the names alone would make.
"""
