-- Camel case, blanks and capitals, folded to snake_case on wish
-- expect: arrives
-- names: snake_case
-- renamed: Order Details => order_details
-- renamed: Order Details.OrderID => order_id
-- renamed: Order Details.Unit Price => unit_price
-- renamed: Order Details.HTMLBody => html_body
-- target: select order_id, unit_price, html_body from order_details => 1 | 9.5 | <p>
CREATE TABLE "Order Details"("OrderID" INTEGER PRIMARY KEY, "Unit Price" REAL, "HTMLBody" TEXT);
INSERT INTO "Order Details" VALUES (1, 9.5, '<p>');
