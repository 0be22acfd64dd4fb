//! Everyday words for catalogue names and enumerated values; each list is separated by commas.

/// Everyday words for catalogue names, beside the catalogue's own.
pub(in crate::brain::rules) const NAMES: &[(&str, &str)] = &[
    (
        "revenue",
        "amount sold, sales figures, sales value, money earned, money taken, money spent, earnings, sales total, \
            proceeds, receipts, sales, turnover, income, takings, sales revenue, sales amount, net sales, money made",
    ),
    ("orders", "order count, purchases, order volume, order"),
    (
        "billed_amount",
        "total billed, billings, invoiced amount, amount invoiced, charged amount, total charged, \
            total amount charged, amount billed to customers, value with tax and shipping, billed, amount charged, \
            amount billed, order value with tax and shipping, grand total",
    ),
    (
        "average_order_value",
        "average basket value, basket, avg basket, avg basket size, average order amount, value of an order, \
            average order worth, mean basket, average ticket, order value on average, average value of an order, \
            average value per order, mean basket size, spend per order, average spend per order, \
            average cart value, average cart, average sale per order, average purchase value, aov, basket size, \
            average basket, average order size, average basket size, mean order value, revenue per order, \
            average revenue per order, sales per order, avg order value",
    ),
    (
        "units_sold",
        "sold units, unit sales, units moved, sales volume, sold items, sold pieces, items bought, units bought, \
            item count, quantity, quantities, products were bought, units, items sold, quantity sold, pieces, \
            pieces sold, products sold, products were sold, items, units did we sell, items did we sell, \
            items were sold, units were sold",
    ),
    (
        "gross_profit",
        "gross earnings, money left after costs, earn after cost of goods, earn after costs, earn after cost, \
            earned after costs, profit after costs, after cost of goods, after costs, contribution margin, profit, \
            profits, margin, gross profits",
    ),
    (
        "gross_margin",
        "profit percentage, margin percent, margin in percent, gross margin percentage, gross profit margin, \
            gross profit percentage, margin %, profitable, how profitable, margin rates, \
            gross margin as a percentage, gross margin as a share, gross margin in percent, margin as a share, \
            margin rate, profit margin, profitability, gross margin percent, margin percentage, gross margin rate, \
            gross margin %",
    ),
    (
        "discounts",
        "discount amount, total discount, discounted amount, price reductions, money off, rebates, \
            discounts granted, discount granted, reductions, discount, discount given, discounts given",
    ),
    (
        "average_discount",
        "discount percentage, average discount percentage, discount %, average discount pct, discount percent, discount as a share, discount rate, \
            average discount rate, average discount %",
    ),
    (
        "buyers",
        "purchasers, paying customers, customers active, customers were active, customers are active, \
            customers that were active, active buyers, customers placed an order, customers who placed an order, \
            active customers, purchasing customers",
    ),
    (
        "customers",
        "customer count, accounts registered, customers on file, customer accounts, customer records, \
            registered customers, clients, customer base, shopper",
    ),
    (
        "new_customers",
        "new accounts, new sign ups, customers registering, customers who registered, customers that registered, \
            newly registered customers, new registrations, customers did we win, customers did we gain, \
            customers won, customers gained, customers acquired, customers added, customers who have registered, \
            customers have registered, sign ups, signups, new clients, registrations, customers registered, \
            customers signed up",
    ),
    (
        "repeat_buyers",
        "repeat purchasers, loyal customers, repeat shoppers, customers who came back, customers returning, \
            returning customers, repeat customers, returning buyers",
    ),
    (
        "repeat_rate",
        "returning customer rate, rate of repeat buyers, \
            repurchase rate, repeat purchase rate, \
            repeat customer rate",
    ),
    (
        "cancelled_orders",
        "cancellations, orders cancelled, orders were cancelled, orders got cancelled, order cancellations, \
            cancelled",
    ),
    (
        "cancellation_rate",
        "cancellation percentage, cancellations rate, rate of cancellation, rate of cancellations, \
            order cancellation rate, cancelled rate, \
            proportion of cancelled orders, cancelled order rate, cancel rate, percentage of orders cancelled, \
            share of cancelled orders, percentage of cancelled orders, percentage of orders were cancelled, \
            share of orders cancelled",
    ),
    (
        "open_orders",
        "outstanding orders, unfinished orders, orders outstanding, orders in the backlog, order backlog, \
            orders pending, open, pending, unfulfilled, unshipped, not shipped yet, not yet shipped, \
            still to be shipped, orders waiting, orders still to ship, orders not yet sent, orders yet to ship, \
            orders yet to be shipped, waiting to be shipped, orders waiting to be shipped, orders are waiting, orders have been waiting, backlog, pending orders, \
            unfulfilled orders, orders not shipped yet, unshipped orders, orders open, orders are open, \
            orders are pending, orders not shipped, orders have not shipped, orders have not shipped yet, \
            orders have not been shipped, orders have not been shipped yet, orders are not shipped, \
            orders are not shipped yet, orders not yet shipped, orders that have not shipped, \
            orders waiting to ship, orders to ship, orders still open, orders are still open",
    ),
    (
        "stuck_orders",
        "orders have been stuck, orders that are stuck, orders that have been stuck, stuck, orders been stuck, \
            stalled orders, orders stalled, orders hanging, orders stuck, orders are stuck",
    ),
    (
        "returned_units",
        "units came back, returned pieces, pieces returned, returned goods, goods returned, returned products, \
            products returned, products were returned, pieces were returned, units returned to us, return volume, \
            returned quantity, quantity returned, units customers returned, items customers returned, \
            returned things, returns, items returned, returned items, units returned, units were returned, \
            items were returned",
    ),
    (
        "returns_count",
        "returns count, return count, total number of returns, returns filed, return cases, number of returns, \
            count of returns, how many returns, return requests",
    ),
    (
        "return_rate",
        "return percentage, \
            \
            rate of returned units, returns percentage, \
            rate of return, rate of returns, returns rate",
    ),
    (
        "refunds",
        "refunded money, amount refunded, refund total, total refunds, refunds paid, refunds issued, \
            refunds given, refund sum, refund payments, amount of refunds, value of refunds, refunds worth, \
            refunded amount, refund, money given back, refund amount, money refunded, how much was refunded, \
            did we refund, how much did we refund",
    ),
    (
        "payment_attempts",
        "attempts to pay, tried payments, payment tries, payments attempted, payments were attempted, \
            payment transactions, payments made, charges attempted, payments, attempted payments",
    ),
    (
        "payment_failure_rate",
        "failure rate of payments, failure rate payments, failure rate, payment decline rate, decline rate, rate of payment failures, \
            share of payments that failed, percentage of payments that failed, share of payments failed, \
            failed payment percentage, payment error rate, failed payments rate, failed payment rate, \
            payment failures rate, payment fail rate, rate of failed payments, share of failed payments, \
            percentage of failed payments",
    ),
    (
        "transit_time",
        "day is a parcel in transit, day parcel spend in transit, day parcel are in transit, day a parcel is in transit, \
            day a parcel spends in transit, number of days in transit, time in transit, travel time, transit days, days to deliver, delivery speed, delivery duration, \
            delivery days, transit times, shipping times, shipping duration, days on the road, days on the way, \
            shipping time, delivery time, days in transit, average delivery time, average transit time, \
            average shipping time, delivery times",
    ),
    (
        "fulfilment_time",
        "fulfillment time, time to dispatch, dispatch time, processing time, hours to ship, handling times, \
            order to ship time, order to shipment time, time from order to shipment, time from order to shipping, \
            average time from order to shipment, time to first shipment, time between order and shipment, time from order to first parcel, \
            handling time, time to ship, average fulfilment time, average handling time, average time to ship",
    ),
    (
        "order_to_door_time",
        "order to door time, order to door days, order to delivery time, from order to door, \
            from order to delivery, time from order to door, time from order to delivery, order to doorstep, \
            door to door time, from ordering to delivery, from order to doorstep, lead times, order to delivery, \
            total delivery time, from purchase to delivery, from purchase to door, lead time, order to door, \
            average lead time, average order to door time",
    ),
    (
        "shipments",
        "shipment, parcel count, package count, packages sent, parcels sent, packages shipped, \
            packages were shipped, shipped packages, packages sent out, parcels sent out, boxes, boxes shipped, \
            consignments, dispatches, parcels dispatched, parcels left, packages left, shipments sent, parcels, \
            packages, shipped parcels, parcels shipped, parcels were shipped",
    ),
    (
        "on_time_rate",
        "on time, punctuality, punctual, on time percentage, on time share, on time performance, \
            share of parcels on time, share of parcels delivered on time, percentage of parcels delivered on time, \
            punctuality rate, on time arrival rate, arrived on time, delivered on time, delivery punctuality, \
            on time shipments, share of on time deliveries, on time delivery percentage, delivery on time rate, \
            on schedule rate, on time delivery, on time delivery rate, on time deliveries, \
            percentage of parcels on time",
    ),
    (
        "late_shipments",
        "parcels not delivered on time, shipments not delivered on time, packages not delivered on time, \
            parcels not on time, parcels that were not on time, parcels that did not arrive on time, \
            parcels did not arrive on time, parcels delivered too late, parcels that came too late, \
            late packages, late shipments, packages late, packages were late, parcels were late, \
            shipments were late, shipments delayed, parcels delayed, packages delayed, delayed packages, \
            delayed deliveries, overdue packages, parcels overdue, deliveries late, deliveries were late, \
            parcels arrived late, packages arrived late, shipments arrived late, parcels delivered late, \
            parcels that were late, parcels that arrived late, shipments overdue, packages overdue, \
            delayed shipments, overdue shipments, late parcels, late deliveries, delayed parcels, overdue parcels, \
            parcels late, parcels are late, shipments late, shipments are late",
    ),
    (
        "stock",
        "units in stock, items in stock, units on hand, items on hand, pieces on hand, pieces in stock, \
            stock quantity, stock units, units of stock, stocks, inventory units, goods on hand, inventory on hand, \
            stock count, inventory level, inventory levels, units held in stock, stock on hand, inventory, on hand, \
            stock level, stock levels",
    ),
    (
        "available_stock",
        "free stock, available to sell, available to promise, sellable stock, unreserved stock, \
            stock that is available, available inventory units, stock free to sell, stock not reserved, \
            stock not promised, stock available, available inventory, available units",
    ),
    (
        "low_stock",
        "below reorder levels, below their reorder level, below the reorder level, below its reorder level, \
            under reorder level, under the reorder level, under their reorder level, below reorder point, \
            below the reorder point, low stock positions, to be reordered, needs reordering, need to be reordered, \
            due for reorder, need restocking, to restock, nearly out of stock, almost out of stock, stock is low, \
            low stock items, short on stock, in short supply, short in stock, low inventory, need a reorder, \
            below reorder level, to reorder, running out, running low, low on stock, low in stock, need reordering",
    ),
    (
        "out_of_stock",
        "none left, no stock left, nothing left, not available, unavailable, stocked out, have none left, \
            run out, ran out, have run out, out of stocks, no stock, zero stock, have none left of, none left of, \
            have no stock, completely sold out, sold out, stock outs, stockouts",
    ),
    (
        "stock_value",
        "value of our stock, value of our inventory, worth of our stock, worth of inventory, \
            stock worth at cost, inventory worth, value in stock, money tied up in stock, tied up in stock, \
            capital tied up in stock, stock valuation, inventory valuation, value of the inventory, cost of stock, \
            stock at cost, inventory value, value of stock, value of the stock, value of inventory, worth of stock, \
            stock worth",
    ),
    ("orders_paid", "paid orders events"),
    ("days_since_placed", "age in days, days old, age of the order"),
    ("taxes", "vat, sales tax, tax collected, tax amount, vat collected, vat charged, tax"),
    (
        "shipping_fees",
        "shipping fee, shipping cost charged, delivery charges, postage, shipping charged, shipping income",
    ),
    ("cost_of_goods", "cost of goods, cogs, cost of sales, cost of the goods sold, costs of goods sold"),
    ("late_rate", "share of late parcels, late delivery rate, rate of late parcels, lateness rate, delay rate"),
    (
        "average_price",
        "average price, mean price, average list price, average product price, average price of product, avg price, \
            average price of our product, average price of the product, average catalogue price",
    ),
    ("products", "product count, size of the catalogue, catalogue size, assortment size"),
    ("average_billed_amount", "average grand total, average amount billed, mean billed amount, mean grand total"),
    (
        "average_days_late",
        "days late, average delay, mean delay, average lateness, days of delay, delay in days, average number of days late, \
            average days late",
    ),
    ("average_refund", "mean refund, average refund amount, refund per return, average amount refunded"),
    ("average_payment", "mean payment, average payment amount, average amount of a payment, average amount paid"),
    ("payment_amounts", "payments received, sum of payments, value of payments, money received, payment volume"),
    ("country", "nation, market, country"),
    ("city", "town, city"),
    ("ship_country", "shipping country, destination country, delivery country"),
    ("ship_city", "shipping city, destination city, delivery city"),
    ("customer", "customer names, account holder, client, buyer, buyer name, customer name"),
    (
        "customer_segment",
        "kind of customer, type of customer, client type, client group, customer class, customer category, \
            segment, customer type, customer group",
    ),
    ("customer_country", "customer's country, country of the customer, home country"),
    ("customer_city", "customer's city, home city"),
    ("product", "product title, item name, article, product name, item"),
    ("sku", "sku code, article number, item number, skus, stock keeping unit, product code"),
    ("brand", "maker, manufacturer"),
    (
        "category",
        "type of product, kind of product, product type, product line, product categories, product category, \
            product group, department",
    ),
    (
        "warehouse",
        "storage site, distribution center, fulfillment center, storehouse, stock location, depot, \
            fulfilment centre, distribution centre",
    ),
    (
        "carrier",
        "delivery company, parcel service, delivery service, shipping provider, logistics provider, \
            shipping carrier, delivery partner, courier, shipping company, shipper",
    ),
    ("channel", "selling channel, sales platform, platform, distribution channel, sales channel, order channel"),
    ("order_status", "status of order, stage, order state"),
    (
        "shipment_status",
        "status of parcel, status of shipment, tracking status, package status, status of package, \
            parcel status, delivery status",
    ),
    (
        "payment_method",
        "pay method, payment means, means of payment, kind of payment, type of payment, payment option, \
            form of payment, method of payment, payment type, way of paying",
    ),
    ("payment_status", "status of payment"),
    (
        "failure_reason",
        "reason for failure, failure cause, cause of failure, payment failure cause, reason for payment failure, \
            reason of payment failure, decline cause, payment failure reason, reason of failure, decline reason",
    ),
    (
        "return_reason",
        "returns reason, cause of return, return cause, reason for sending back, reason for returns, \
            reasons for return, reasons for returns, reason for return, reason of return, reason for returning",
    ),
    ("return_status", "status of return"),
    (
        "cancel_reason",
        "reason of cancellation, reason for being cancelled, cancellation cause, cause of cancellation, \
            reason for cancellations, cancellation reason, reason for cancellation, reason for cancelling",
    ),
    ("weekday", "day of week, day of the week, week day"),
    ("day_type", "day type, weekday or weekend, weekend or weekday, type of day, kind of day"),
    ("order_sequence", "new or returning, new versus returning, first or later order"),
    ("hour_of_day", "time of day, hour of the day"),
    (
        "order_value",
        "basket value, items total, item total, order sum, worth of the order, order total, order amount, \
            value of the order",
    ),
    ("price", "cost, priced, costing, retail price, selling price, list price, product price"),
];

/// Enumerated values of the schema: dimension, value, words.
pub(in crate::brain::rules) const ENUMERATED: &[(&str, &str, &str)] = &[
    ("order_status", "placed", "status placed, status is placed, status 'placed', state placed, still placed"),
    ("order_status", "paid", "paid"),
    ("order_status", "packed", "pack, packing, packed"),
    (
        "order_status",
        "shipped",
        "ship, dispatched, dispatch, shipping, sent out, sent off, left the warehouse, left, sent, went out, \
            go out, shipped",
    ),
    ("order_status", "delivered", "deliver, delivering, delivered"),
    ("order_status", "cancelled", "cancel, called off, annulled, cancelling, cancelled"),
    ("order_status", "returned", "returned"),
    ("channel", "web", "web site, internet, browser, webshop, web, website, online, web shop"),
    ("channel", "mobile", "apps, smartphone, the app, mobile, app, mobile app, phone"),
    ("channel", "marketplace", "marketplaces, market place, third party marketplace, marketplace"),
    ("customer_segment", "consumer", "b2c, private, private person, retail, individuals, consumers, consumer"),
    ("customer_segment", "business", "corporate, businesses, commercial, business to business, business, b2b"),
    ("customer_segment", "vip", "vips, very important, vip"),
    ("payment_method", "card", "cards, credit cards, debit card, by card, credit or debit card, card, credit card"),
    ("payment_method", "paypal", "pay pal, paypal"),
    ("payment_method", "bank_transfer", "wire transfer, wire, bank wire, transfers, bank transfer, transfer"),
    ("payment_method", "gift_card", "gift cards, vouchers, gift voucher, gift card, voucher"),
    (
        "back_order",
        "yes",
        "back order, back ordered, backordered, backorder, on back order, on backorder, backorders, back orders",
    ),
    ("order_sequence", "first", "first-time orders, first time orders, first ever orders"),
    ("order_sequence", "later", "repeat orders, repeat purchases, repeat order"),
    ("discounted", "yes", "discounted, on discount, at a discount, sold at a discount, with a discount"),
    ("discounted", "no", "full price, undiscounted, at full price, not discounted"),
    ("active", "yes", "active, still on sale, currently on sale, currently sold"),
    (
        "active",
        "no",
        "inactive, discontinued, retired, delisted, no longer active, not active, no longer on sale, no longer sold, \
            not active any more, not active anymore, deactivated",
    ),
    ("payment_status", "authorized", "authorized, authorised"),
    ("payment_status", "captured", "captured"),
    (
        "payment_status",
        "failed",
        "failure, failures, fail, fails, failing, bounced, did not go through, not go through, failed, declined, \
            unsuccessful",
    ),
    ("payment_status", "refunded", "refunded"),
    (
        "failure_reason",
        "insufficient_funds",
        "lack of funds, not enough money, no funds, not enough funds, insufficient fund, insufficient funds",
    ),
    (
        "failure_reason",
        "card_declined",
        "card was declined, cards were declined, declined cards, card being declined, card got declined, \
            declining the card, card declined, declined card",
    ),
    (
        "failure_reason",
        "expired_card",
        "expired cards, card expired, card was expired, card had expired, cards expired, expired card",
    ),
    ("failure_reason", "fraud_check", "fraud checks, failed fraud check, fraud check"),
    ("failure_reason", "timeout", "time out, timeouts, timing out, timeout, timed out"),
    ("shipment_status", "label_created", "label created"),
    (
        "shipment_status",
        "in_transit",
        "on the way, under way, on its way, on their way, on the road, travelling, in transit",
    ),
    ("shipment_status", "out_for_delivery", "out for delivery"),
    ("shipment_status", "delivered", "deliver, delivering, delivered"),
    (
        "shipment_status",
        "exception",
        "exceptions, delivery exception, delivery exceptions, problem in delivery, a delivery problem, exception",
    ),
    ("shipment_status", "lost", "gone missing, went missing, got lost, missing, lost, lose, loses, losing, loss of"),
    (
        "return_reason",
        "damaged",
        "defective, faulty, was broken, were broken, damages, arrived damaged, damaged, damage, broken",
    ),
    ("return_reason", "wrong_item", "wrong product, wrong article, wrong items, the wrong item, wrong item"),
    (
        "return_reason",
        "not_as_described",
        "not matching the description, different than described, other than described, not as described",
    ),
    (
        "return_reason",
        "no_longer_needed",
        "not needed any more, not needed anymore, change of mind, changed their mind, changed mind, \
            no longer needed",
    ),
    ("return_reason", "late", "too late, lateness, arrived late, late arrival, late"),
    ("return_status", "requested", "requested"),
    ("return_status", "received", "received"),
    ("return_status", "refunded", "refunded"),
    ("return_status", "rejected", "refused, denied, turned down, rejected"),
    (
        "cancel_reason",
        "customer_request",
        "customer's request, request of the customer, requested by the customer, at customer request, \
            customer wish, customers request, customer request",
    ),
    (
        "cancel_reason",
        "payment_failed",
        "payment problem, payment problems, the payment failed, payment failed, failed payment reason",
    ),
    (
        "cancel_reason",
        "out_of_stock",
        "because we were out of stock, because we had no stock, because of out of stock, because we ran out, missing stock, \
            lack of stock, stock shortage, reason out of stock, because of missing stock, due to missing stock, because they were out of stock, \
            because it was out of stock, because the product was out of stock, because the item was out of stock, \
            because out of stock, due to out of stock, for being out of stock",
    ),
    (
        "cancel_reason",
        "fraud_suspected",
        "suspicion of fraud, fraud suspicion, suspected frauds, possible fraud, fraud, suspected fraud, \
            fraud suspected",
    ),
];
