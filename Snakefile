include: "workflow/Snakefile"


# A default target does not survive an include, so plain `snakemake` needs one here.
rule everything:
    """Every table and every figure."""
    input:
        rules.all.input,
