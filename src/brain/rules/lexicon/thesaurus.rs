//! How shop people say what the glossary names: measures, statuses, dimensions, bounds, and ways to ask. Each phrase stands for
//! words of the grammar that mean the same rows. Must not hold a word that restricts, or that only sometimes means the same.

/// Phrases of the trade and what they stand for, by theme.
pub(super) const THESAURUS: &str = "
topline = revenue | top line = revenue | gross sales value = revenue | how much cash came in = how much revenue
how much money came in = how much revenue | how much business did we do = how much revenue | much cash = much money
how many sales did we make = how many orders | how many sales did we have = how many orders
how many sales were made = how many orders | how many checkouts = how many orders
order intake = orders | intake of orders = orders | orders that came in = orders | orders rolled in = orders
orders poured in = orders | orders landed = orders | orders punched in = orders | orders trickled in = orders
average ticket size = average order value | ticket size = average order value | cart size = average order value
average bill value = average order value | average cart size = average order value
average spend per basket = average order value | average spend per cart = average order value
does a typical order come to = is the average order value | does an average order come to = is the average order value
flew off the shelves = sold | offload = sell | offloaded = sold | flogged = sold | offtake = units sold
markdowns = discounts | price cuts = discounts | did we knock off = discounts did we give | hand out in discounts = give in discounts
give away in discounts = give in discounts | gave away in discounts = gave in discounts
handed out in discounts = gave in discounts | discount did we hand out = discount did we give

punters = customers | patrons = customers | new joiners = new customers | newcomers = new customers
new faces = new customers | fresh faces = new customers | fresh customers = new customers | brand new customers = new customers
customers onboarded = new customers
onboarded customers = new customers | regulars = repeat buyers | repeaters = repeat buyers

orders scrapped = orders cancelled | scrapped orders = cancelled orders | orders that fell through = cancelled orders
orders fell through = orders cancelled | orders that got axed = cancelled orders | axed orders = cancelled orders
orders nixed = orders cancelled | nixed orders = cancelled orders | orders binned = orders cancelled
binned orders = cancelled orders | aborted orders = cancelled orders | orders aborted = orders cancelled
orders voided = orders cancelled | voided orders = cancelled orders

orders are in the queue = open orders | orders in the queue = open orders | orders are still outstanding = open orders
orders still outstanding = open orders | orders are outstanding = open orders
orders are awaiting dispatch = open orders | orders awaiting dispatch = open orders
orders are awaiting despatch = open orders | orders awaiting despatch = open orders
orders are awaiting shipment = open orders | orders awaiting shipment = open orders
orders are yet to go out = open orders | orders have yet to go out = open orders | orders yet to go out = open orders
orders are waiting to go out = open orders | orders are still waiting to go out = open orders | orders waiting to go out = open orders
orders are still to go out = open orders | orders still to go out = open orders | orders still waiting to go out = open orders
orders that have yet to go out = open orders | orders that are yet to go out = open orders
orders that are still to go out = open orders | undispatched orders = open orders | undespatched orders = open orders
orders in hand = open orders | orders on hand = open orders | orders in limbo = stuck orders | orders gathering dust = stuck orders | stranded orders = stuck orders
orders languishing = stuck orders | orders are stranded = orders are stuck

rma = number of returns | rmas = number of returns | pay out in refunds = refund | paid out in refunds = refunded
failed transactions = failed payments | payments that fell over = failed payments | payments that went wrong = failed payments
payments went wrong = payments failed | payments that got knocked back = failed payments | payments fell through = payments failed
payments that fell through = failed payments | dud payments = failed payments | botched payments = failed payments
bank payments = bank transfer payments | payments by bank = bank transfer payments | dishonoured payments = failed payments | dishonored payments = failed payments

despatched = dispatched | despatch = dispatch | despatches = dispatches | despatching = dispatching
shipping speed = transit time | shipping duration = transit time | time on the road = transit time
pick and pack time = fulfilment time | time to dispatch = fulfilment time | dispatch time = fulfilment time
click to door time = order to door time | click to door = order to door time
otd = on time rate | cartons = parcels | tardy parcels = late parcels | belated parcels = late parcels
tardy deliveries = late parcels | parcels behind schedule = late parcels | parcels running late = late parcels
parcels that are running late = late parcels | parcels that missed the promised date = late parcels
parcels that missed their promised date = late parcels | parcels missed the promised date = parcels late
parcels gone astray = lost parcels | parcels that went astray = lost parcels | parcels that vanished = lost parcels
parcels mislaid = lost parcels | misplaced parcels = lost parcels | vanished parcels = lost parcels | en route = in transit

stock value at cost = stock value | value of goods on hand = stock value
share of units returned = return rate | percentage of units returned = return rate | share of items returned = return rate | percentage of items returned = return rate | fraction of units returned = return rate
month after month = by month | week after week = by week | day after day = by day | quarter after quarter = by quarter
year after year = by year | last weak = last week | this weak = this week | people register = new customers
customers register = new customers | people registered = new customers | goes with each = by | go with each = by | went with each = by
goes with = with | go with = with | went with = with | delivery time in days = delivery time | transit time in days = transit time
that nobody bought = that did not sell | nobody bought = that did not sell | nobody has bought = that did not sell
revenue wise = revenue | sales wise = sales | order wise = orders | orders wise = orders
items got sent back = items returned | units got sent back = units returned | stockholding = stock | stock holding = stock | soh = stock | unallocated stock = available stock
uncommitted stock = available stock | free to sell stock = available stock | free to sell = available to sell
needs topping up = is low on stock | need topping up = low on stock | needs replenishing = is low on stock
need replenishing = low on stock | need replenishment = low on stock | needs replenishment = is low on stock
running short = running low | to top up = to restock | oos = out of stock | products without stock = out of stock products | products with no stock = out of stock products | are all gone = are out of stock
capital locked up in stock = stock value | capital locked up in inventory = stock value
capital tied up in inventory = stock value | money locked up in stock = stock value
money tied up in inventory = stock value

sales route = channel | sales avenue = channel | product family = category | product families = categories
product range = category | product ranges = categories | merchandise group = category | merchandise groups = categories
customer tier = customer segment | customer tiers = customer segments | delivery firm = carrier | delivery firms = carriers
haulier = carrier | hauliers = carriers | logistics partner = carrier | logistics partners = carriers
freight company = carrier | freight companies = carriers | postal service = carrier | postal services = carriers
godown = warehouse | godowns = warehouses | storeroom = warehouse | storerooms = warehouses
tender type = payment method | mode of payment = payment method | modes of payment = payment methods
payment mode = payment method | payment modes = payment methods | way to pay = payment method | ways to pay = payment methods
cell phone orders = mobile orders | webstore = web shop | online store = web shop
smashed returns = damaged returns | cracked returns = damaged returns | busted returns = damaged returns

quid = euros | or upwards = or more | orders minimum = orders or more | orders min = orders or more
orders tops = orders or fewer | orders max = orders or fewer | orders maximum = orders or fewer
country wise = by country | countrywise = by country | city wise = by city | citywise = by city
channel wise = by channel | channelwise = by channel | category wise = by category | categorywise = by category
brand wise = by brand | brandwise = by brand | product wise = by product | productwise = by product
customer wise = by customer | carrier wise = by carrier | warehouse wise = by warehouse | segment wise = by customer segment
day wise = by day | daywise = by day | week wise = by week | weekwise = by week | month wise = by month
monthwise = by month | quarter wise = by quarter | year wise = by year | yearwise = by year
breakup of = breakdown of | break up of = breakdown of | bifurcation of = breakdown of | breakup by = by | breakup = breakdown
bifurcated by = by | segregated by = by | segmented by = by | categorised by = by | categorized by = by | itemised by = by
itemized by = by | carved up by = by | listed by = by | organised by = by | organized by = by | arranged by = by | shown by = by
displayed by = by | separated by = by | classified by = by | segregate = break down | bifurcate = break down

walk me through = show | talk me through = show | rustle up = show | spit out = show | dish up = show | serve up = show
whip up = show | hit me with = show | remind me of = show | remind me what = what | remind me how = how
remind me which = which | remind me = show | refresh my memory = show | any idea what = what
sorry to bother you but = tell me | sorry to bother you , but = tell me | sorry to bother you = tell me | same day a week ago = same day last week
same weekday a week ago = same day last week | same day a week earlier = same day last week | same day the week before = same day last week
same day one week ago = same day last week | i d love to know = tell me | i d love to see = show | i would love to know = tell me
any idea how = how | any idea which = which | any chance you could show = show | any chance you could tell me = tell me
any chance of = show | mind showing me = show | would you mind showing me = show | would you mind telling me = tell me
mind telling me = tell me | please provide = show | kindly provide = show | provide me with = show | furnish me with = show
please share = show | kindly share = show | share with me = show | retrieve = show | run me = show
at a glance = please | in a nutshell = please | off the top of your head = please | long story short = please
for the record = please | just out of interest = please | out of interest = please | out of curiosity = please
just out of curiosity = please | just curious = please | as a matter of interest = please | if you do not mind = please
if you dont mind = please | if you don't mind = please | when you get a chance = please | when you have a moment = please
when you have a minute = please | if you get a chance = please | no rush = please | no hurry = please
info on = please | info about = please | stats on = please | stats for = please | stats about = please
left us with the most = with the most | left us with = with | leaves us with = with | leave us with = with
came from orders shipped to = came from orders going to | from orders shipped to = from orders going to
customers living in = customers in | customer living in = customer in | people living in = people in
individual orders = orders | individual order = order | individual parcels = parcels | individual customers = customers | individual products = products | individual payments = payments
that live in = from | who live in = from | who lives in = from | based in = from
by the carrier that delivered them = by carrier | by the carrier that delivered it = by carrier | by the carrier that brought them = by carrier
the single most = the most | single most popular = most popular | single best selling = best selling
how much shipping did customers pay us = shipping fees | how much shipping did customers pay = shipping fees
how much did customers pay for shipping = shipping fees | how much shipping did we charge = shipping fees
how often do people return = return rate of | how often do customers return = return rate of
pays by = paid by | pays with = paid with | busiest shipping day = day with the most parcels | how much money did we receive = payments received
what happened to revenue = revenue | what happened to sales = revenue | what happened to our = show our
basket size in units = units per order | cancels the most = has the most cancelled orders | cancels most = has the most cancelled orders | cancel the most = have the most cancelled orders
number of items in a single order = units in one order | stock on hand and available stock = stock and available stock | stock on hand and available = stock and available stock
on hand and available stock = stock and available stock | on hand and available = stock and available stock | top spender = customer with the most revenue | biggest spender = customer with the most revenue
small orders under = orders under | small orders below = orders below | big orders over = orders over | big orders above = orders above
large orders over = orders over | large orders above = orders above | average time to deliver = average delivery time
did we send out = did we ship | money in open orders = value of open orders | money tied up in open orders = value of open orders
gross sales including vat and shipping = billed amount | sales including vat and shipping = billed amount | cancelled by the customer = cancelled for customer request | cancelled by customers = cancelled for customer request | cancelled by the buyer = cancelled for customer request
where the people return the most = with the most returned units | where people return the most = with the most returned units
how full is each warehouse = stock by warehouse | how full are the warehouses = stock by warehouse | how full are our warehouses = stock by warehouse
yesterday at the same hour = the same time yesterday | yesterday at the same time = the same time yesterday
what needs reordering = which products are below their reorder level | what needs to be reordered = which products are below their reorder level
products did well = products sold best | products did best = products sold best | brands did well = brands sold best
how much of revenue = what share of revenue | how much of our revenue = what share of revenue | how much of the revenue = what share of revenue
how much of our turnover = what share of revenue | the actual year = this year | actual year = this year | the actual month = this month
how much days = how many days | days needs a package = days does a parcel take | refund we ever paid = refund | refunds we paid = refunds
profit and margin by = profit and margin % by | do we sell at a loss = have a gross profit below 0
takes longest to get an order out = has the longest fulfilment time | takes longest to get orders out = has the longest fulfilment time
goes with the biggest baskets = has the highest average order value | has the biggest baskets = has the highest average order value
lead time from click to doorstep = order to door time | from click to doorstep = order to door time | crosstab of = show
returns opened = returns requested | medium value of one order = average order value | medium value of an order = average order value | frm = from
average shipping fee = shipping fees per order | did returns cost us in refunds = did we refund | excuse me = please
volume in euro = payment volume | volume in euros = payment volume | on time delivery % = on time rate | on time % = on time rate | mostly = ,
how old is the oldest = the oldest | how old is our oldest = the oldest
loses us money = has a gross profit below 0 | lose us money = have a gross profit below 0 | loses money = has a gross profit below 0
lose money on = with a gross profit below 0 | makes a loss = has a gross profit below 0 | make a loss = have a gross profit below 0
discounts as a share of gross sales = average discount rate | used a discount = with a discount | orders had a discount = orders with a discount | orders got a discount = orders with a discount
do we need from order to shipping = is the fulfilment time | does it take from order to shipping = is the fulfilment time
from order to dispatch = fulfilment time | black friday before = black friday the year before
what % = what percentage | which % = what percentage | how many % = what percentage | did we reject = were rejected
do i have to call = are there | do we have to call = are there | do i need to call = are there | do i have to write to = are there
in the same basket = together | in the same order = together | in the same cart = together
in a single order = together
new versus returning = new or returning | of what we sold = of units sold | of the goods we sold = of units sold
late parcels on average = days late | how late were = what is the average number of days late of | how late are = what is the average number of days late of
the lowdown on = show | lowdown on = show | the skinny on = show | the scoop on = show | the gist of = show
";

/// Everyday English words that are near to one of the grammar's, and are no typing errors for it: "national" is no nation,
/// "completed" not "complete", "picked" not "packed". As they are, they are asked about.
pub(in crate::brain::rules) const ENGLISH: &str = "\
    always feel feels felt care cares cared hard national shit president court courts fact facts known series future deal deals turn turns heart \
    hearts talking heard chance chances word self played shot shots knew dead star stars king kings movie movies role roles \
    hate hates blood hell mark marks marked risk risks ball balls build mine mines cold peace normal speed consider link links positive \
    movement movements cancer band bands cash rich speaking planning spot spots lived hall heat ride cent cents \
    scale score scores seat seats enter prime ring rings mike users user wild camp camps prevent shut completed raise stated wine core \
    port presence solid electric fuel picked picking prince suit suits connected shopping soft appeal appeals hole holes internal \
    dying crisis bright seek seeks sending hang offering salt scared bell nick tools tool tank tanks tend tends expert experts \
    mining matt rice attached attacked tall lock locked gang pride smell grey chart charts gate gates parking tears tear threw luke \
    math palace chase dave mini producer producers sand boring custom customs naked whereas dean thrown bench ross pace \
    spin spell coat exit poll polls bull ease rally billy boom crossing stats teen teens bang occupied operator operators dare \
    grave literary stones collective petition seal beef dated lisa loop rely sole stopping tale tales worthy revenge slip slips corp corps \
    dawn treating weed bold waited worn carl sacred wound greg stealing worlds cruise developer developers plates \
    correctly evaluation franklin skip stole blade corn cried ranging wasted earl liver sits chuck kent notion planes react retain \
    sporting casting stake stating abstract beam plug staring keen brad deadline deer heal mild parish witch dairy";
