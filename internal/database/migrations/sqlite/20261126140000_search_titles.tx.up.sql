-- Nothing to do: the index of words knows which of them stand in titles.
SELECT 1;
