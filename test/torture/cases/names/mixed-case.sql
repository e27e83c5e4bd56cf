-- Names in capitals and camel case, kept as they are
-- expect: arrives
-- target: select "CustomerID", "firstName", "EMail" from "Customers" => 1 | Ann | a@x
-- during: UPDATE customers SET FIRSTNAME = 'Ann'
CREATE TABLE "Customers"("CustomerID" INTEGER PRIMARY KEY, "firstName" TEXT, "EMail" TEXT);
INSERT INTO Customers VALUES (1, 'Anne', 'a@x');
CREATE INDEX "IX_Customers_EMail" ON Customers(email);
