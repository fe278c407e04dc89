"""The core: adapters turn what gateways say into listings, the core turns listings into files.

    fetch      adapter × network        → payloads            (providers, fetch)
    parse      payloads                 → raw rows            (providers)
    normalize  raw rows                 → listings, quarantined rows
    check      listings × last snapshot → findings
    snapshot   last × new listings      → lines that change only when the listing does
    bind       listings of all gateways → the book: who answers for which path
    enrich     book × facts             → name, site and logo of every organisation
    render     book × listings          → artifacts
    write      artifacts × output       → only the files that changed

Everything is pure but the modules whose docstring begins with EDGE.
"""
