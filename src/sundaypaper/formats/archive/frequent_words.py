"""Words that stand in most texts: what a phrase of them is answered from. Pure data.

Which words these are decides what an index holds, and joined indexes must agree: with a list that
changes every one is made anew (`FORM`).
"""

from __future__ import annotations

# The number of the form of all files, as the manifest tells it.
FORMAT = 3
# Nobody looks for one alone, so they have no places. Two of them fit into one digit.
COMMON = ("the", "of", "and", "a", "to", "in", "for")
# The most frequent of the others in weeks of arXiv.
FREQUENT = tuple(
    """
    3d accuracy achieves across action adaptive address agent agents ai alignment all also an
    analysis approach approaches are art as at attention available aware based baselines be
    benchmark benchmarks between both but by can capabilities challenges challenging code
    complex context control critical cross current data dataset datasets demonstrate design
    detection diffusion diverse domain driven due during dynamic dynamics each effective
    efficiency efficient enables enabling end environments evaluate evaluation existing
    experiments extensive feature features fine first framework free from further gap
    generalization generation generative github guided has have high how however https human
    image images improves including inference information into introduce is it its key
    knowledge language large latent learning level limited llm llms long low memory method
    methods model modeling models more motion multi multimodal multiple neural new non not
    novel object often on only open optimization or our outperforms over paper performance
    policy prediction present prior process propose proposed quality real reasoning recent
    reconstruction reinforcement remains representation representations research results
    retrieval robot robust robustness safety scale scenarios scene segmentation self semantic
    shot show significant significantly single source space spatial specific state step
    strategy strong structured study such system systems task tasks temporal text than that
    their these they this three through time token trained training tuning two under
    understanding unified using via video view vision visual we when where which while with
    within without work world yet
    """.split()
)
# What each file is made from beside the entries.
FORM = repr((FORMAT, COMMON, FREQUENT))
