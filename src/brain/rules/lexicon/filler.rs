//! Words without meaning of their own; some are so only beside what they belong to (`account/beside.rs`).

/// Words without meaning of their own.
pub(in crate::brain::rules) const FILLER: &str = "\
    someone somebody anybody everybody everyone paid-with paid-by delivered-to same whole full complete entire details detail the a an of in for on at to from is are was were be been being do does did have has had we our us i me my you \
    your please tell give get can could would want know see find need there that this it its overall total all any \
    ever so far now how much hi hello hey thanks thank kindly also then per-se euro € eur currently right moment got \
    going doing made make happened came come placed let like id lets through via shipping-to going-to figure figures \
    value-of as than-that them those these they their ok okay and-also about well will lay saw inclusive s t re ve d ll promise stay stays stayed present anyone \
    still yet data numbers number quick question look looking interested check report overview were-there is-there \
    went go amount by-the shop store company business-wide exactly-which way give-me one ones made-by who-are \
    which-are using used ship-to with-a because due anything something really appreciate if wondering wonder \
    wondered looked looks um uh er erm hmm ah oh ehm hm yeah yes yep actually sorry maybe perhaps simply basically \
    roughly exactly precisely kind sort hear curious wanna gonna lemme gimme pls plz thx ta cheers mate guys team \
    folks quickly add include including included includes contained contain contains combined together altogether \
    jointly big large high long-ago large-scale gave gives given keep kept keeps stores carry carries carried \
    transport transported transports handle handled handles move moved moves receive receives receiving place places \
    placing happen happening comes coming attempted attempt attempts money goods away positions \
    position pairs pair worth  his her our-own own who-is whom each-of-the within-the inside among amongst \
    amongst-all between-the current whole-shop hand-over said meaning mind reach reached reaches arrive arrived \
    arriving arrives take takes taken took taking everywhere anywhere overall-shop entire globally worldwide \
    altogether-all name names named last-but-not-least some fit else than-the into onto customer-wise \
    back-then delivery deliveries door doorstep delivering per-say punctual-ish item-wise one-by-one shop-wide \
    because-of due-to euros common-place unit-wise today-as \
    actual realised realized recorded registered-as seen show-up appear appears appeared exist exists existed fulfil \
    fulfill fulfilled suffer suffered bear total-wise totals sums sum summed added-up \
    accounted make-up makes making achieve achieved reach-out produce produced collect collected \
    record records entry entries thing things affair case cases occurred occur dispatch-wise ask asking question-is \
    tell-us know-about wants wanted needs needed like-to could-you can-you be-so-kind good \
    dear sir madam oms use uses operate offer serve work works  completely entirely totally promised rank ranking bad contribute contributed contributes must hand handed live lives out-of-all out-of say yourself same-time at-the-same-time by-the-same-time same-point by-this-time at-this-point \
    getting gets getting-in tabulate summarise summarize state calculate compute determine gather confirm verify fetch pull \
    dig experience experienced witness witnessed observe observed log logged booked secure secured manage managed attract \
    attracted gain gained win won obtain obtained represent represents represented constitute constitutes constituted \
    amounted become became involve involved involving feature featured respective relevant corresponding whatsoever overall \
    generally approximately literally honestly frankly ideally preferably namely however moreover therefore thus hence anyway \
    anyhow besides specifically particularly especially merely purely strictly definitely probably eventually finally \
    collectively grateful obliged apologise apologize bothering afraid trying preparing writing rundown snapshot picture \
    new here volume volumes level levels result results performance regarded considered considering either grand-scheme \
    hi-there quick-one btw fyi asap hopefully presumably apparently obviously surely certainly truly seriously \
    already launched launch anymore meanwhile nowadays throughout altogether-then forth shoot spit drop-me throw bit lot bunch couple-of relatively";
