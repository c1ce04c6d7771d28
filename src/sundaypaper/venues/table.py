"""The table of venues: their keys, the names that authors write, and what numbers their years.

A name in capitals is an ordinary word when written otherwise ("rip", "chi", "alt"), so it counts in
capitals only; lower-case names match in any case. The word "and" is left out of the comparison.
"""

from __future__ import annotations

from sundaypaper.models import Venue

# A line is: key; title; year minus number of the conference (or "-", or "journal"); names with "|"
# between. A line that starts with a space goes on with the one above. The keys from other:arr on
# hold names of others ("ACL Rolling Review"): the longest name wins, so these keep them apart.
TABLE = """
neurips; NeurIPS; 1986; neurips | nips | advances in neural information processing systems |
  conference on neural information processing systems | conference of neural information
  processing systems | neural information processing systems conference | neural information
  processing systems | conference on advances in neural information processing systems | neurlps | neruips |
  nuerips | nurips | neurisp
icml; ICML; 1983; icml | international conference on machine learning | international conference
  of machine learning | intl conference on machine learning | int conf on machine learning
iclr; ICLR; 2012; iclr | international conference on learning representations | international
  conference of learning representations | international conference on learning representation
aistats; AISTATS; 1997; aistats | international conference on artificial intelligence and
  statistics | conference on artificial intelligence and statistics | artificial intelligence and
  statistics conference
uai; UAI; 1984; UAI | conference on uncertainty in artificial intelligence | uncertainty in
  artificial intelligence
colt; COLT; 1987; COLT | conference on learning theory | conference on computational learning
  theory
alt; ALT; 1989; ALT | international conference on algorithmic learning theory | conference on
  algorithmic learning theory
colm; COLM; 2023; colm | conference on language modeling | conference on language modelling |
  conference on language models
mlsys; MLSys; 2017; mlsys | conference on machine learning and systems
automl; AutoML; 2021; automl | conference on automated machine learning | international conference
  on automated machine learning
l4dc; L4DC; 2018; l4dc | learning for dynamics and control conference | conference on learning for
  dynamics and control | learning for dynamics and control
aaai; AAAI; 1986; aaai | aaai conference on artificial intelligence | association for the
  advancement of artificial intelligence | association for the advancement of artificial
  intelligence conference
ijcai; IJCAI; 1991; ijcai | international joint conference on artificial intelligence |
  international joint conferences on artificial intelligence
ijcnn; IJCNN; -; ijcnn | international joint conference on neural networks
ecml; ECML PKDD; -; ecml | ecml pkdd | pkdd | european conference on machine learning | european
  conference on machine learning and principles and practice of knowledge discovery in databases |
  ecmlpkdd
facct; FAccT; -; facct | conference on fairness accountability and transparency
aies; AIES; 2017; aies | conference on artificial intelligence ethics and society | conference on
  ai ethics and society | aaai acm conference on ai ethics and society
cvpr; CVPR; -; cvpr | conference on computer vision and pattern recognition | computer vision and
  pattern recognition conference | computer vision and pattern recognition | computer society
  conference on computer vision and pattern recognition | conference on computer vision pattern
  recognition | cpvr
iccv; ICCV; -; iccv | international conference on computer vision
eccv; ECCV; -; eccv | european conference on computer vision | european conference of computer
  vision
wacv; WACV; -; wacv | winter conference on applications of computer vision | winter conference on
  applications in computer vision
bmvc; BMVC; 1989; bmvc | british machine vision conference
accv; ACCV; -; accv | asian conference on computer vision
3dv; 3DV; 2013; 3dv | international conference on 3d vision
icip; ICIP; 1993; icip | international conference on image processing
icpr; ICPR; -; icpr | international conference on pattern recognition
miccai; MICCAI; 1997; miccai | medical image computing and computer assisted intervention |
  medical image computing and computer assisted interventions | international conference on
  medical image computing and computer assisted intervention
midl; MIDL; 2017; midl | medical imaging with deep learning | conference on medical imaging with
  deep learning
isbi; ISBI; 2003; isbi | international symposium on biomedical imaging
acmmm; ACM Multimedia; 1992; acm mm | MM | acmmm | acm multimedia | acm international conference on
  multimedia
siggraph; SIGGRAPH; -; siggraph | acm siggraph
other:embc; EMBC; 1978; embc | ieee embc | international conference of the ieee engineering in
  medicine and biology society | international conference of the engineering in medicine and
  biology society | ieee engineering in medicine and biology conference
other:acmmm asia; ACM Multimedia Asia; -; acm multimedia asia | acm mm asia | mmasia
other:mmsys; MMSys; -; acm multimedia systems conference | acm multimedia systems | mmsys
other:siggraph asia; SIGGRAPH Asia; -; siggraph asia | acm siggraph asia | siggraph asian
acl; ACL; 1962; ACL | annual meeting of the association for computational linguistics | acl ijcnlp
  | meeting of the association for computational linguistics | annual meeting of the acl
  | conference of the association for computational linguistics | annual conference of the
  association for computational linguistics | annual meeting of association for computational
  linguistics | annual meeting of the association of computational linguistics | of the
  association for computational linguistics | association for computational linguistics acl
emnlp; EMNLP; -; emnlp | empirical methods in natural language processing | conference on
  empirical methods in natural language processing | emnlp ijcnlp
naacl; NAACL; -; naacl | naacl hlt | conference of the nations of the americas chapter of the
  association for computational linguistics | north american chapter of the association for
  computational linguistics | nations of the americas chapter of the association for computational
  linguistics | conference of the north american chapter of the association for computational
  linguistics
eacl; EACL; -; eacl | european chapter of the association for computational linguistics |
  conference of the european chapter of the association for computational linguistics | european
  chapter of the acl
aacl; AACL; -; aacl | aacl ijcnlp | ijcnlp aacl | asia pacific chapter of the association for
  computational linguistics | international joint conference on natural language processing and
  the asia pacific chapter of the association for computational linguistics | ijcnlp
coling; COLING; -; coling | international conference on computational linguistics | lrec coling
conll; CoNLL; 1996; conll | conference on computational natural language learning | conference on
  natural language learning
lrec; LREC; -; lrec | language resources and evaluation conference | international conference on
  language resources and evaluation | conference on language resources and evaluation
interspeech; Interspeech; 1999; interspeech | inter speech
icassp; ICASSP; 1975; icassp | international conference on acoustics speech and signal processing
corl; CoRL; 2016; corl | conference on robot learning
icra; ICRA; -; icra | international conference on robotics and automation | conference on robotics
  and automation
iros; IROS; -; iros | international conference on intelligent robots and systems | conference on
  intelligent robots and systems
rss; RSS; 2004; RSS | robotics science and systems | robotics science and systems conference
kdd; KDD; 1994; kdd | sigkdd | acm sigkdd | acm sigkdd conference on knowledge discovery and data
  mining | sigkdd conference on knowledge discovery and data mining | conference on knowledge
  discovery and data mining | acm kdd
sigir; SIGIR; 1977; sigir | acm sigir | international acm sigir conference on research and
  development in information retrieval | acm sigir conference on research and development in
  information retrieval
www; The Web Conference; 1991; WWW | the web conference | acm web conference | the acm web
  conference | international world wide web conference | thewebconf
wsdm; WSDM; 2007; wsdm | international conference on web search and data mining | conference on
  web search and data mining
cikm; CIKM; 1991; cikm | international conference on information and knowledge management |
  conference on information and knowledge management
recsys; RecSys; 2006; recsys | conference on recommender systems
ecir; ECIR; 1978; ecir | european conference on information retrieval
icdm; ICDM; 2000; icdm | international conference on data mining
chi; CHI; -; CHI | sigchi | acm chi | chi conference on human factors in computing systems |
  conference on human factors in computing systems | human factors in computing systems
uist; UIST; 1987; uist | symposium on user interface software and technology
tmlr; TMLR; journal; tmlr | transactions on machine learning research | transactions of machine
  learning research | trans mach learn res
jmlr; JMLR; journal; jmlr | journal of machine learning research | j mach learn res
tpami; TPAMI; journal; tpami | pami | ieee tpami | t pami | transactions on pattern analysis and
  machine intelligence | transactions on pattern analysis machine intelligence | trans pattern
  anal mach intell
ijcv; IJCV; journal; ijcv | international journal of computer vision | int j comput vis
tip; TIP; journal; TIP | ieee tip | transactions on image processing | trans image process
tacl; TACL; journal; tacl | transactions of the association for computational linguistics |
  transactions of the acl | trans assoc comput linguistics
other:arr; ARR; -; acl rolling review | arr | acl arr
other:icwsm; ICWSM; -; international aaai conference on web and social media | icwsm | aaai icwsm
other:mig; MIG; -; siggraph motion interaction and games | siggraph conference on motion
  interaction and games
other:hcomp; HCOMP; -; aaai conference on human computation and crowdsourcing
other:aiide; AIIDE; -; aaai conference on artificial intelligence and interactive digital
  entertainment
other:ictir; ICTIR; -; acm sigir international conference on innovative concepts and theories in
  information retrieval | international acm sigir conference on innovative concepts and theories
  in information retrieval
other:chiir; CHIIR; -; acm sigir conference on human information interaction and retrieval
other:mlhc; ML for Healthcare; -; machine learning for healthcare conference
other:icmr; ICMR; -; international conference on multimedia retrieval | icmr
other:icme; ICME; -; international conference on multimedia and expo | icme
other:sigir-ap; SIGIR-AP; -; sigir ap
other:eurips; EurIPS; -; eurips | medeurips
other:semeval; SemEval; -; semeval
other:pacmhci; PACM HCI; journal; proc acm hum comput interact | proceedings of the acm on human
  computer interaction | pacmhci | pacm hci
"""


def _venue(line: str) -> Venue:
    """One line of the table."""
    key, title, number, names = (part.strip() for part in line.split(";"))
    ordinal = int(number) if number.isdigit() else None
    each = tuple(name.strip() for name in names.split("|"))
    return Venue(key, title, each, ordinal, number == "journal")


VENUES: tuple[Venue, ...] = tuple(
    _venue(line) for line in TABLE.replace("\n  ", " ").strip().splitlines()
)


def extend(own: tuple[Venue, ...]) -> tuple[Venue, ...]:
    """The table with a user's own venues: one of a known key replaces it, the others are added."""
    keys = {venue.key for venue in own}
    return tuple(venue for venue in VENUES if venue.key not in keys) + own
