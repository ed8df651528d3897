# De brief aan iemand die met de campagne te maken heeft, in het Nederlands.
letter-title = Over berichten die naar u zijn gestuurd
