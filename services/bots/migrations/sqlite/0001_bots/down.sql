DROP TABLE erasures;
DROP TABLE seats;
DROP TABLE interaction_changes;
DROP TABLE interactions;
DROP TABLE department_agents;
DROP TABLE departments;
