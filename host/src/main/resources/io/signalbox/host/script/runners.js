// How a call about a table's candidates runs a plugin's function. Evaluated anew for each strategy: a function that calls
// one other function is compiled together with it, one that all plugins share calls each the slow way.
(function (kit) {
  "use strict";
  const { Request, candidates, refuse } = kit;

  return {
    // -1, or the index of the candidate whose score is none.
    scoreOne: (score) => (view, table, size, params) => {
      const request = new Request(view);
      const { endpoints, host } = table;
      const { rows, scores } = host;
      for (let i = 0; i < size; i++) {
        const answer = score(request, endpoints[rows[i]], params);
        if (typeof answer !== "number") {
          refuse(answer);
          return i;
        }
        scores[i] = answer;
      }
      return -1;
    },

    scoreAll: (scoreAll) => (view, table, size, params) => {
      const written = table.scores;
      written.length = size;
      for (let i = 0; i < size; i++) written[i] = NaN;
      scoreAll(new Request(view), candidates(table, size), written, params);
      const { scores } = table.host;
      for (let i = 0; i < size; i++) {
        const answer = written[i];
        if (typeof answer !== "number") {
          refuse(answer);
          return i;
        }
        scores[i] = answer;
      }
      return -1;
    },

    keep: (keep) => (view, table, size, params) => {
      const request = new Request(view);
      const { endpoints, host } = table;
      const { rows, keep: marks } = host;
      for (let i = 0; i < size; i++) {
        const answer = keep(request, endpoints[rows[i]], params);
        if (typeof answer !== "boolean") {
          refuse(answer);
          return i;
        }
        marks[i] = answer;
      }
      return -1;
    },

    // The index, or -2 for something that is none.
    pick: (pick) => (view, table, size, params) => {
      const answer = pick(new Request(view), candidates(table, size), params);
      if (Number.isInteger(answer) && answer >= -1 && answer < size) return answer;
      refuse(answer);
      return -2;
    },
  };
});
