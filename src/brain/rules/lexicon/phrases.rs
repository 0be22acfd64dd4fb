//! Everyday phrases and what they stand for: spoken forms and abbreviations.

/// Phrases of speech and what they stand for.
pub(super) const EVERYDAY: &str = "
sent back = returned | send back = returned | sending back = returned | bring back = returned | brought back = returned
signed up = registered | sign up = registered | joined = registered | signing up = registered
people = customers | folks = customers | shoppers = customers | persons = customers
give back = refunds | gave back = refunds | given back = refunds | pay back = refunds | paid back = refunds
money back = refunds | reimbursed = refunds | reimbursements = refunds
of course = , | by increase = by growth | by change = by growth | by the change = by growth | by the increase = by growth | do we reject = are rejected | average selling price per unit = revenue per unit sold | average selling price = revenue per unit sold | waiting for a late parcel = with a late parcel | sold at a loss = with a gross profit below 0 | does an order need on average = per order on average | as a % of = as a percentage of | as % of = as a percentage of | for everything with = for products with | order lines on back order = lines on back order | order lines are on back order = lines are on back order | did we lose to = of | lost to cancelled orders = of cancelled orders | how much shipping = how much shipping fees | main reasons = reasons | is latest most often = has the most late parcels | if you leave out everything from = without | if we leave out everything from = without | leave out everything from = without
leaving out everything from = without | without everything from = without | ignoring everything from = without
if you leave out = without | if we leave out = without | if you exclude = without | if we exclude = without
have we refunded to = did we refund to | have we refunded = did we refund | have you refunded = did we refund | has been refunded to = did we refund to
most recently shipped parcels = latest parcels | most recently shipped = latest shipped | most recently placed = latest | most recently delivered = latest delivered
latest shipped parcels = latest parcels | last shipped parcels = latest parcels | newest shipped parcels = latest parcels
leave out = without | leaving out = without | not counting = without | not including = without | leaving aside = without
everything except = without | all except = without | everything but = without | all but = without
neither = without | nor = and | all time = ever | all times = ever | since the beginning = ever
in percent = as a share | in per cent = as a share | in % = as a share | as % = as a share | as percent = as a share
in percentages = as a share | in percentage = as a share | percentagewise = as a share | which part of = share of
what part of = share of | part of = share of
at least twice = repeatedly | more than once = repeatedly | twice or more = repeatedly | two or more times = repeatedly
at least two times = repeatedly | multiple times = repeatedly | several times = repeatedly
more than one time = repeatedly | a second time = repeatedly
a couple of = 2 | couple of = 2 | v = vs | w = with | qty = quantity | rev = revenue | cust = customers | prods = products
prod = product | yest = yesterday | wk = week | wks = weeks | mth = month | mths = months | yr = year | yrs = years
qtr = quarter | qtrs = quarters | p50 = median | p90 = 90th percentile | p95 = 95th percentile | p99 = 99th percentile
everywhere but = without | anywhere but = without | everywhere except = without | all countries but = without
since the beginning of = since | since the start of = since | from the start of = since | from the beginning of = since
since the very beginning of = since | until today = so far | until now = so far | up to now = so far | till now = so far
a thousand = 1000 | a hundred = 100 | a million = 1000000 | a dozen = 12
that were paid with = with | that were paid by = with | that were paid via = with | were paid with = with
were paid by = with | paid with = with | paid by = with | paid via = with | paid using = with | paid through = with
compare that with = vs | compare that to = vs | compare this with = vs | compare this to = vs | compare it with = vs
compare it to = vs | best seller = best selling product | best sellers = best selling products | worst sellers = worst selling products | slowest sellers = worst selling products
worst seller = worst selling product | weakest sellers = worst selling products
bestseller = best selling product | bestsellers = best selling products | one single = exactly 1
without a single = without | not a single = no | left more than = spent more than
previous one = previous period | preceding one = previous period | quarter preceding it = previous period
month preceding it = previous period | week preceding it = previous period | both months together = altogether
both years together = altogether | both quarters together = altogether | oders = orders | by registration month = registered by month | by registration week = registered by week | by registration year = registered by year |
by month of registration = registered by month | by week of registration = registered by week | by year of registration = registered by year | by whom = who | how mnay = how many | how man = how many
no of = number of | nr of = number of | nb of = number of | num of = number of | accounts = customers | return something = returns | return anything = returns | x mas = christmas | fortnight = 14 days | a fortnight = 14 days
tax and shipping included = grand total | shipping and tax included = grand total
including tax and shipping = grand total | including shipping and tax = grand total
incl tax and shipping = grand total | one time buyers = customers with exactly 1 orders | one time customers = customers with exactly 1 orders
one time shoppers = customers with exactly 1 orders | informations = data | information = data | mean number of days = how long | average number of days = how long | avg number of days = how long | fell on = on
mean number of hours = how long | average number of hours = how long | fall on = on | falls on = on | fell into = in
did we record = did we have | we recorded = we had | did we register = did we have
overdue = late | accounts for = account for | amt = amount | as opposed to = vs | is due to our = comes from our | is due to the = comes from the
revenue of an order = order value | revenue of a single order = order value | counting units = by units | counting only the = , the
counting the = , the | considering the = , the | set aside = left out | during which hours = which hours | during which months = which months
during which weeks = which weeks | during which days = which days | split into more than = with more than | split into at least = with at least | considering only = , | counting only = , | looking only at = ,
top5 = top 5 | top10 = top 10 | top3 = top 3 | top20 = top 20 | blackfriday = black friday | bfriday = black friday
bf = black friday | pcs = units | biz = business | b2b customers = business customers | divided among = by
divided between = by | divided over = by | distributed among = by | distributed between = by | spread between = by
each remaining = each | every remaining = each | every other country = each country
final quarter of = last quarter of
a single unit = anything | a single item = anything | a single piece = anything | a single thing = anything
leave our warehouse = left | leave our warehouses = left | leave the warehouse = left | leave the warehouses = left
left our warehouses = left | left our warehouse = left | once everything reserved has been deducted = available
after everything reserved = available | after reservations = available | less what is reserved = available
minus reservations = available | net of reservations = available | quantity is left = stock is
whatever became of that return = regardless of status | no matter what became of it = regardless of status | whatever became of it = regardless of status
whatever its status = regardless of status | whatever their status = regardless of status | in whatever status = regardless of status
no matter the status = regardless of status | irrespective of status = regardless of status | regardless of the status = regardless of status
regardless of its status = regardless of status | regardless of their status = regardless of status
up to but not including = to | up to but excluding = to | time from order to first parcel out = fulfilment time
order to first parcel = fulfilment time | order to dispatch = fulfilment time | order to despatch = fulfilment time
handover to doorstep = transit time | dispatch to doorstep = transit time | dispatch to delivery = transit time
placed to delivered = order to door time | order to delivery = order to door time | consisted of = with | consist of = with
consists of = with | consisting of = with | carried = with | contained = with | one or more = at least one
a minimum of = at least | no fewer than = at least | no less than = at least | not fewer than = at least
no more than = at most | not more than = at most | uhm = uh | ended up = were | end up = were | ends up = were | gm % = gross margin % | gm = gross margin | gp = gross profit | ords = orders | custs = customers | cats = categories
pmts = payments | pmt = payment | wh = warehouse | whs = warehouse | by how many percent = by how much | by what percent = by how much | by what percentage = by how much
by which percentage = by how much | how many percent of = percentage of | how many percent = percentage
record hour = best hour | record day = best day | record week = best week | record month = best month
record quarter = best quarter | record year = best year | selled = sold | sended = sent | payed = paid
arent = are not | werent = were not | isnt = is not | isn't = is not | wasnt = was not | wasn't = was not
havent = haven't | hasnt = hasn't | didnt = didn't
buyed = bought | shiped = shipped | cancelled off = cancelled | brang = brought | spended = spent | winned = won
non = not | consisted of = with | consists of = with | consisting of = with | consist of = with | counted per = per
counted by = by | divide up between = split by | divides up between = split by | divide up = split by | divided up by = split by
stems from = is from | stem from = is from | stemmed from = is from | comes out of = is from | ranked third = third
ranked second = second | ranked first = best | shipped out = shipped | sent out = sent | very first time = first time
in every single one of = in every | hours it took = how long | days it took = how long | time it took = how long
from handover to doorstep = transit time | ended = was | while keeping = and | while having = and | as well as having = and
havent = have not | hasnt = has not | didnt = did not | wasnt = was not | werent = were not | isnt = is not | doesnt = does not
from customers who are not = without | from customers that are not = without | from customers who are = from
from customers that are = from | of customers who are = of | get an order out of the door = fulfilment time | get orders out of the door = fulfilment time
get an order out the door = fulfilment time | get orders out the door = fulfilment time | bc = because | cuz = because | btw = between | ppl = customers | excl = excluding | incl = including | w o = without
n = and | rn = right now | thats = that is | whats = what is | whos = who is | sry = sorry | lvl = level | tho = then
moneywise = by revenue | money wise = by revenue | in money terms = by revenue | fail rate = failure rate
just how many = how many | how many again = how many | what was it again = what is | stuff = products
twenty twenty three = 2023 | twenty twenty four = 2024 | twenty twenty five = 2025 | twenty twenty six = 2026
twenty-twenty-four = 2024 | twenty-twenty-five = 2025 | items that came back = returned items
units that came back = returned units | products that came back = returned units | pieces that came back = returned units
things that came back = returned units | goods that came back = returned units | orders that came back = returned orders
past their promised date = late | past the promised date = late | past its promised date = late
past their promised time = late | past their promised delivery date = late | past the promised delivery date = late
beyond their promised date = late | past their due date = late | past due = late
split over more than = with more than
the same part of last = the same period of last
the same part of the previous = the same period of the previous | same part of last = same period of last
did not come through = without | did not come via = without | did not come from = without
didn't come through = without | didnt come through = without | didn't come from = without | didnt come from = without
not coming through = without | did we send any = did we ship any | do we send = do we ship | did we send = did we ship
get an order shipped = fulfilment time | get orders shipped = fulfilment time | get an order on its way = fulfilment time
it take us on average to fulfilment time = fulfilment time | customer is on the phone = someone
client is on the phone = someone | customer is on the line = someone | for every product = by product
customer on the phone = someone | client on the phone = someone | someone on the phone = someone
somebody on the phone = someone | customer on the line = someone | client on the line = someone
over the months of = by month in | across the months of = by month in | through the months of = by month in
over the weeks of = by week in | across the weeks of = by week in | over the quarters of = by quarter in
over the years of = by year in | over the days of = by day in | over the months in = by month in
avg = average | pct = percent | ex = without | fy = year | next to = vs | same stretch = same period
same timeframe = same period | same time frame = same period | same window = same period | same span = same period
what exactly = what | who exactly = who | when exactly = when | where exactly = where | how exactly = how
which single = which | single best = best | single biggest = biggest | single largest = largest | single highest = highest
single worst = worst | single lowest = lowest | with a single = with exactly 1 | just the count = count
only the count = count | just the number = count | only the number = count | just a count = count
which order has been open the longest = oldest open order | which order has been open longest = oldest open order
has been open the longest = is the oldest open order | been waiting the longest = is the oldest open order
has waited the longest = is the oldest open order | has been waiting longest = is the oldest open order
portion of = share of | slice of = share of | portion = share | shifted = sold | shift = sell | shifts = sells
stand for = of | stood for = of | by when = when | because we sent the wrong item = because of wrong item | we sent the wrong item = wrong item
revenue that sits in = revenue of | revenue sitting in = revenue of | by why they failed = by failure reason | by why it failed = by failure reason
by why they were returned = by return reason | by why they came back = by return reason
by why they were cancelled = by cancel reason | everything shipped to = ship to | everything sent to = ship to | everything shipped = shipped | everything sent = sent
everything delivered = delivered | everything sold = sold | everything going = going | tracking numbers of = show
gone out of the door = shipped | gone out the door = shipped
out of the door = shipped | gone out = shipped | waited longest = slowest | wait longest = slowest
wait the longest = slowest | waits longest = slowest | take the longest = slowest | takes the longest = slowest
took the longest = slowest | takes longest = slowest | take longest = slowest | took longest = slowest | fattest = highest
heftiest = highest | thinnest = lowest | slimmest = lowest | since beginning of = since
since start of = since | as of today = now | have yet to = have not | has yet to = has not | had yet to = had not
every one of = each of | last but one = second last | on the road = in transit
at least one line on back order = back ordered | a line on back order = back ordered | one line on back order = back ordered
at least one back ordered line = back ordered | a back ordered line = back ordered | any back ordered line = back ordered
lines on back order = order lines on back order | back order lines = back ordered order lines | back ordered lines = back ordered order lines
lines are on back order = order lines are on back order | lines back ordered = order lines back ordered
at least one back order line = back ordered | contain back ordered = back ordered | more often = more | less often = less
and why did they fail = by failure reason | and why do they fail = by failure reason | and why were they cancelled = by cancel reason
and why were they canceled = by cancel reason | and why were they returned = by return reason | , and why did they fail = by failure reason
waiting to be received = requested | waiting to be dealt with = requested or received | yet to be received = requested
open returns = returns with return status requested or received | returns still open = returns with return status requested or received
returns that are still open = returns with return status requested or received | open return requests = returns with return status requested
paid out = paid | payed out = paid | pay out = pay | three numbers for = for | three figures for = for | two numbers for = for | four numbers for = for
can u = can you | could u = could you | do u = do you | ur = your
up or down on last = vs last | up or down on the same = vs the same | up or down against last = vs last | up or down from last = vs last
slowest to ship = highest fulfilment time | fastest to ship = lowest fulfilment time
slowest warehouse to ship = warehouse with the highest fulfilment time | fastest warehouse to ship = warehouse with the lowest fulfilment time
slowest at shipping = highest fulfilment time | fastest at shipping = lowest fulfilment time | slowest to dispatch = highest fulfilment time
reasons why payments failed = failure reasons | reasons why payments fail = failure reasons | reason why payments fail = failure reason
reasons payments failed = failure reasons | reasons payments fail = failure reasons | reasons why orders were cancelled = cancel reasons
reasons orders were cancelled = cancel reasons | reasons why orders are cancelled = cancel reasons | reason a card gets refused = failure reason
reason a payment fails = failure reason | reason for a failed payment = failure reason | one line each = each | one row each = each
one line per = per | one row per = per | one row for each = for each | one line for each = for each | one figure for each = for each
one figure per = per | refunded value = refunds | refund value = refunds | slowest at getting orders out = highest fulfilment time | fastest at getting orders out = lowest fulfilment time
how much came in = how much revenue | how much did come in = how much revenue | lifetime spend = spend | lifetime revenue = revenue
lifetime spending = spending | by sign up year = registered by year | by sign up month = registered by month | by sign up quarter = registered by quarter
pull in = bring in | pulled in = brought in | pulls in = brings in | does a unit sell for on average = is the revenue per unit sold
run at a margin = have a margin | runs at a margin = has a margin | per head = per customer | a head = per customer
hit by = with | affected by = with | caught by = with | marked = , | failed attempts = failed payments | failed attempt = failed payment
lines per order = order lines per order | fraud related = fraud
card declines = declined cards | in our range = , | in the range = , | matrix of = of
cancelled more often than = cancellation rate higher than | canceled more often than = cancellation rate higher than
cancelled less often than = cancellation rate lower than | returned more often than = return rate higher than
the least money = the least revenue | count only = just the count | no names = , | getting orders out = shipping
in which at least one line was discounted = discounted | with at least one discounted line = discounted | with a discounted line = discounted
hw many = how many | hwo many = how many | how meny = how many | how mny = how many | how manny = how many | compair = compare
ran into = had | run into = have | of everything placed = of orders placed | everything placed = orders placed
everything ordered = orders placed
sat in = in | sits in = in | base it on = in | base this on = in | base that on = in
but only the ones that = and | but only those that = and | but only ones that = and | but only the ones with = and with | but only those with = and with
up to the same point = at the same point | up to the same time = at the same time | up to the same day = at the same point
came back for a second order = bought again | come back for a second order = buy again | came back for a second purchase = bought again
come back for a second purchase = buy again | came back for more = bought again | only ever = only | chunk of = share of
by how many = by how much
we taking = we getting | we taken = we gotten
i e = , | everything in our warehouses = stock | everything in the warehouses = stock | everything in the warehouse = stock
everything in stock = stock | left the building = left | leave the building = leave | hardest = most | belong to = of | belongs to = of
belonging to = of | belonged to = of | if we ignore = without | if you ignore = without | if we leave out = without | if we exclude = without
if we take out = without | if you leave out = without | if you exclude = without | we do not count = without
handed out since = given since | discounts handed out = discounts | past half year = last 6 months | last half year = last 6 months
previous half year = last 6 months | fastest growing = most growing relatively | fastest growth = most growth relatively | grew fastest = grew most relatively
grew the fastest = grew the most relatively | slowest growing = least growing relatively
cancelation = cancellation | cancelations = cancellations
freight = shipping fees | postage = shipping fees
tracking numbers for = show | tracking codes of = show | tracking codes for = show
";
