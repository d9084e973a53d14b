"""How a call about a table's candidates runs a plugin's function. Compiled anew for each strategy: a function that calls
one other function is compiled together with it, one that all share calls each the slow way."""


def scoreOne(score):
    def run(view, table, size, flags, params):
        """-1, or the index of the candidate whose score is none."""
        if flags:
            table.update(flags, size)
        request = Request(view)
        results = table.scores
        i = 0
        for endpoint in table.current:
            answer = score(request, endpoint, params)
            kind = type(answer)
            if kind is not float and kind is not int and not is_number(answer):
                guest.refuse(answer)
                return i
            results[i] = answer
            i += 1
        return -1

    return run


def scoreAll(score_all):
    def run(view, table, size, flags, params):
        if flags:
            table.update(flags, size)
        scores = [NAN] * size
        score_all(Request(view), table.current, scores, params)
        if len(scores) != size:
            guest.refuse(scores)
            return 0
        results = table.scores
        i = 0
        for answer in scores:
            kind = type(answer)
            if kind is not float and kind is not int and not is_number(answer):
                guest.refuse(answer)
                return i
            results[i] = answer
            i += 1
        return -1

    return run


def keep(keep):
    def run(view, table, size, flags, params):
        if flags:
            table.update(flags, size)
        request = Request(view)
        marks = table.marks
        i = 0
        for endpoint in table.current:
            answer = keep(request, endpoint, params)
            if answer is True:
                marks[i] = 1
            elif answer is False:
                marks[i] = 0
            else:
                guest.refuse(answer)
                return i
            i += 1
        return -1

    return run


def pick(pick):
    def run(view, table, size, flags, params):
        """The index, or -2 for something that is none."""
        if flags:
            table.update(flags, size)
        answer = pick(Request(view), table.current, params)
        if type(answer) is int and -1 <= answer < size:
            return answer
        guest.refuse(answer)
        return -2

    return run
