from .customer import Customer
