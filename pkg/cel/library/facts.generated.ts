// Written by hack/generate-tables.mjs from facts.yaml; do not edit.

export const DATE_IDS: Readonly<Record<string, string>> = {
"getFullYear": "year",
"getMonth": "month",
"getDate": "day_of_month_1_based",
"getDayOfMonth": "day_of_month",
"getDayOfWeek": "day_of_week",
"getDayOfYear": "day_of_year",
"getHours": "hours",
"getMinutes": "minutes",
"getSeconds": "seconds"
};
