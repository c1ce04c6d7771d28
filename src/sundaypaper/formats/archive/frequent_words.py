"""Words that stand in most texts: what a phrase of them is answered from. Pure data.

Which words these are decides what an index holds, and joined indexes must agree: a list that
changes means that every one is made anew (`FORMAT`).
"""

from __future__ import annotations

# The number of the form of all files; it belongs to what each of them is made from.
FORMAT = 1
# Function words: nobody looks for one alone, so they have no places.
COMMON = tuple(
    """
    a also an and are as at be both but by can for from has have in is it its not of on or our
    such that the their these this to we which with
    """.split()
)
# The most frequent of the others in five weeks of arXiv.
FREQUENT = tuple(
    """
    3d accuracy achieves across action adaptive address agent agents ai alignment all analysis
    approach approaches art attention available aware based baselines benchmark benchmarks
    between capabilities challenges challenging code complex context control critical cross
    current data dataset datasets demonstrate design detection diffusion diverse domain driven
    due during dynamic dynamics each effective efficiency efficient enables enabling end
    environments evaluate evaluation existing experiments extensive feature features fine
    first framework free further gap generalization generation generative github guided high
    how however https human image images improves including inference information into
    introduce key knowledge language large latent learning level limited llm llms long low
    memory method methods model modeling models more motion multi multimodal multiple neural
    new non novel object often only open optimization outperforms over paper performance
    policy prediction present prior process propose proposed quality real reasoning recent
    reconstruction reinforcement remains representation representations research results
    retrieval robot robust robustness safety scale scenarios scene segmentation self semantic
    shot show significant significantly single source space spatial specific state step
    strategy strong structured study system systems task tasks temporal text than they three
    through time token trained training tuning two under understanding unified using via video
    view vision visual when where while within without work world yet
    """.split()
)
