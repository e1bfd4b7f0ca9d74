"""With `source: reference` figures and verdicts come from kept tables: see that these are there before the first job."""

from stationary.report import reference

if SETTINGS.source == "reference":
    try:
        reference.check_run(TABLES, scale=SETTINGS.scale, seed=SETTINGS.seed)
        reference.check([f"{TABLES}/{reference.JOBS}.parquet"])
        reference.check(
            path
            for part in FIGURES
            for path in getattr(rules, part).input
            if path.startswith(TABLES)
        )
    except UserError as refusal:
        sys.exit(str(refusal))
