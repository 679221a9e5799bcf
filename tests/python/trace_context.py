class Thing:
    def __init__(self, name):
        self.name = name
    def get(self, key):
        return {"x": 1}[key] + self.name["y"]
def run():
    try:
        Thing(5).get("q")
    except KeyError:
        print(Thing(5).get("x"))
run()
