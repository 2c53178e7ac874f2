/** Methods of a list that make another of it, or walk over it. */
export const OF_A_LIST =
  /^(filter|map|flatMap|flat|slice|sort|toSorted|reverse|toReversed|concat|splice|values|keys|entries|toArray|forEach)$/;
