DROP TABLE deliveries, alert_crossings, alerts;
