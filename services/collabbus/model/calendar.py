from datetime import timedelta


class Calendar:
    def after(self, day, n):
        while n:
            day += timedelta(days=1)
            n -= day.weekday() < 5
        return day

    def before(self, day, n):
        while n:
            day -= timedelta(days=1)
            n -= day.weekday() < 5
        return day
